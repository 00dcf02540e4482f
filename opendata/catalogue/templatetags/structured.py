"""What search engines for data read of pages."""

from django import template

from opendata.catalogue.structured import structured_catalogue

register = template.Library()
register.simple_tag(structured_catalogue)
