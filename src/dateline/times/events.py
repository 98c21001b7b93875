def date_of(doc, trigger, times, published): return None
