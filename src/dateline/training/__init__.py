"""From sentences that people marked to a model that codes: the corpus, its checks, training, evaluation.

Nothing here is needed, or imported, to code stories. Training asks for the extra `dateline[train]`.
"""
