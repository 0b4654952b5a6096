"""The cover: what this is, whose, when, and who may read it."""

from dataclasses import dataclass

from app.domain.figures import Figures
from app.reporting.clauses import explained
from app.reporting.context.source import Source
from app.reporting.glossing import HAN


@dataclass(frozen=True, slots=True)
class CoverLine:
    """One line of the cover's facts.

    ``label`` says what it is, ``value`` what it is here.
    """

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Cover:
    """The first page.

    ``document_title`` is the file's title; ``footer`` the running line of every page; ``client``,
    ``title`` and ``subtitle`` the large lines; ``consultancy`` who issues it (empty if unnamed);
    ``lines`` the facts below; ``number`` number and version; ``issued`` the date of issue;
    ``confidentiality`` who may read it, in ``confidentiality_language`` (empty: the report's own);
    ``running_line`` the consultancy's own words on that, for the foot of every page (empty if it
    has none); ``logo`` the address of the consultancy's picture (empty if it has none) and
    ``logo_words`` its text alternative.
    """

    document_title: str
    footer: str
    client: str
    title: str
    subtitle: str
    consultancy: str
    lines: tuple[CoverLine, ...]
    number: str
    issued: str
    confidentiality: str
    confidentiality_language: str
    running_line: str
    logo: str
    logo_words: str


def build(source: Source) -> Cover:
    """Build the cover."""
    translate = source.wording.translate
    client, edition = source.diagnosis.assessment.client, source.edition
    title = translate("私域诊断与落地规划报告")
    number = translate("{number} 第{version}版").format(
        number=edition.number, version=edition.version
    )
    return Cover(
        document_title=source.document_title(title),
        footer=translate("{client}・{title}・{number} v{version}").format(
            client=client.name,
            title=translate("私域诊断与规划"),
            number=edition.number,
            version=edition.version,
        ),
        client=client.name,
        title=title,
        subtitle=_subtitle(source),
        consultancy=client.consultancy,
        lines=_lines(source, number),
        number=number,
        issued=source.wording.day(edition.issued),
        confidentiality=source.brand.confidentiality or _confidentiality(source),
        confidentiality_language=_foreign(source),
        running_line=source.brand.confidentiality,
        logo=source.brand.logo,
        logo_words=source.logo_words(),
    )


def _subtitle(source: Source) -> str:
    content = source.model.content
    if not content.subtitle:
        return ""
    subtitle, _ = explained(content.subtitle)
    return source.wording.translate("{}：{}").format(content.title, subtitle)


def _lines(source: Source, number: str) -> tuple[CoverLine, ...]:
    wording, translate = source.wording, source.wording.translate
    assessment = source.diagnosis.assessment
    client = assessment.client
    form = source.model.forms[assessment.form]
    interviewed = assessment.interviewed_on
    candidates = (
        (translate("行业与类型"), _trade(source)),
        (translate("诊断方式"), form.title),
        (translate("访谈截止"), wording.day(interviewed) if interviewed else ""),
        (translate("诊断基准日"), wording.day(source.diagnosis.as_of)),
        (translate("报告日期"), wording.day(source.edition.issued)),
        (translate("编号与版本"), number),
        (translate("顾问"), client.consultant),
        (translate("联系"), client.contact),
    )
    return tuple(CoverLine(label, value) for label, value in candidates if value)


def _trade(source: Source) -> str:
    """Return industry and archetype as far as they are known."""
    assessment = source.diagnosis.assessment
    chosen = Figures.of(assessment).text("archetype")
    archetype = source.model.archetypes.get(chosen or "")
    words = (assessment.client.industry, archetype.title if archetype else "")
    return source.wording.joined([word for word in words if word])


def _foreign(source: Source) -> str:
    """Return the language of the consultancy's own line where it is not the report's."""
    base = source.model.base
    foreign = base is not None and HAN.search(source.brand.confidentiality) is not None
    return base.language if base is not None and foreign else ""


def _confidentiality(source: Source) -> str:
    translate = source.wording.translate
    client = source.diagnosis.assessment.client
    if client.consultancy:
        return translate(
            "机密：内含{client}的经营数据与内部访谈结果，仅供{client}与{consultancy}用于本次诊断与落地；"
            "未经双方书面同意，不得转发、摘引或另作他用。"
        ).format(client=client.name, consultancy=client.consultancy)
    return translate(
        "机密：内含{client}的经营数据与内部访谈结果，仅供{client}用于本次诊断与落地；"
        "未经{client}书面同意，不得转发、摘引或另作他用。"
    ).format(client=client.name)
