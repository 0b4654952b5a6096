"""The head of a short report: it has no cover, its first page says whose it is."""

from dataclasses import dataclass

from app.reporting.context.source import Source


@dataclass(frozen=True, slots=True)
class Masthead:
    """Whose report this is and which.

    ``document_title`` is the file's title, ``footer`` the running line of every page, ``line`` the
    line above the first heading, ``consultancy`` and ``contact`` whom to ask (empty if unnamed);
    ``running_line`` the consultancy's own words on who may read it, for the foot of every page,
    ``logo`` the address of its picture (both empty if it has none) and ``logo_words`` the picture's
    text alternative.
    """

    document_title: str
    footer: str
    line: str
    consultancy: str
    contact: str
    running_line: str
    logo: str
    logo_words: str


def masthead(source: Source, title: str) -> Masthead:
    """Return the head of a short report with this title."""
    client, edition = source.diagnosis.assessment.client, source.edition
    say = source.wording.translate
    return Masthead(
        document_title=source.document_title(title),
        footer=say("{client}・{title}・{number} v{version}").format(
            client=client.name, title=title, number=edition.number, version=edition.version
        ),
        line=say("{client}，{day}").format(
            client=client.name, day=source.wording.day(edition.issued)
        ),
        consultancy=client.consultancy,
        contact=client.contact,
        running_line=source.brand.confidentiality,
        logo=source.brand.logo,
        logo_words=source.logo_words(),
    )
