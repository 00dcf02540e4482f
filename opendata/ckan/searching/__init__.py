"""Finding datasets in the language of CKAN's searches."""
