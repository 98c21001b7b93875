def place_of(doc, trigger, places, story): return None, ""
