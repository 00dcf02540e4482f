"""Every write to a case, as a verb.

intake: a message comes in. routing: it finds its unit. work: staff deal with it. citizen: the citizen answers back.
"""
