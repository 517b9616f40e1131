"""The pages of this app, one function each."""

from programmes.views.documents import list_documents, view_action, view_document
from programmes.views.programmes import list_programmes, view_programme, view_strand

__all__ = [
    "list_documents",
    "list_programmes",
    "view_action",
    "view_document",
    "view_programme",
    "view_strand",
]
