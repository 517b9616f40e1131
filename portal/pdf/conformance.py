"""What makes a PDF/A-3a file PDF/UA-1 as well, and the files it carries."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import pikepdf

# PDF/UA names itself by a property that PDF/A does not know, so PDF/A wants it described.
IDENTIFICATION = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
 <pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about=""
  xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
  xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
 <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
  <pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
  <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
  <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
  <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
   <pdfaProperty:name>part</pdfaProperty:name>
   <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
   <pdfaProperty:category>internal</pdfaProperty:category>
   <pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
  </rdf:li></rdf:Seq></pdfaSchema:property>
 </rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
END = b"</rdf:RDF>"


@dataclass(frozen=True)
class Attachment:
    """A file carried inside a PDF: its tables are its data, its manifest is its source."""

    name: str
    data: bytes
    media_type: str
    description: str
    relationship: Literal["Data", "Source"]


def conform(pdf: bytes, *, created: datetime, attachments: Sequence[Attachment]) -> bytes:
    """Make a PDF/A-3a file PDF/UA-1 as well and put the attachments in. Equal input gives equal bytes."""
    names = [attachment.name for attachment in attachments]
    if len(set(names)) != len(names):
        raise ValueError(f"two attachments have one name: {sorted(names)}")
    with pikepdf.open(io.BytesIO(pdf)) as document:
        _identify(document)
        _attach(document, attachments, created.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ"))
        output = io.BytesIO()
        document.save(
            output,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    return output.getvalue()


def _identify(document: pikepdf.Pdf) -> None:
    metadata = document.Root.Metadata
    xmp = metadata.read_bytes()
    if xmp.count(END) != 1:
        raise ValueError("the metadata of the PDF are not one RDF description")
    metadata.write(xmp.replace(END, IDENTIFICATION + END))


def _attach(document: pikepdf.Pdf, attachments: Sequence[Attachment], moment: str) -> None:
    for attachment in attachments:
        document.attachments[attachment.name] = pikepdf.AttachedFileSpec(
            document,
            attachment.data,
            description=attachment.description,
            filename=attachment.name,
            mime_type=attachment.media_type,
            creation_date=moment,
            mod_date=moment,
            relationship=pikepdf.Name(f"/{attachment.relationship}"),
        )
    files = [document.attachments[attachment.name].obj for attachment in attachments]
    document.Root.AF = document.make_indirect(pikepdf.Array(files))
