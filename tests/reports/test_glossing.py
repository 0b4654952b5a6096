"""In a translated report the Chinese term follows at first use, and Chinese words are tagged."""

from app.content.translation import load_translated
from app.domain.model import MaturityModel
from app.reporting.glossing import marked, shared_terms
from tests.conftest import QUESTIONNAIRES

TERMS = {"private domain": "私域", "Gate": "门槛", "Private-domain GMV": "私域GMV"}
ZH = "zh-Hans"


def gloss(html: str) -> str:
    return marked(html, TERMS, ZH)


def test_a_term_is_explained_once_in_the_order_of_reading() -> None:
    shown = gloss("<p>A private domain.</p><p>The private domain again.</p>")
    assert shown == (
        '<p>A private domain (<span lang="zh-Hans">私域</span>).</p>'
        "<p>The private domain again.</p>"
    )


def test_case_and_plural_do_not_matter_but_whole_words_do() -> None:
    assert "Gates (<span" in gloss("<p>Gates hold.</p>")
    assert "(<span" not in gloss("<p>The gatekeeper and the gate-crasher</p>")


def test_the_longest_term_counts() -> None:
    shown = gloss("<p>Private-domain GMV</p>")
    assert shown == '<p>Private-domain GMV (<span lang="zh-Hans">私域GMV</span>)</p>'


def test_only_running_text_explains() -> None:
    for html in (
        "<h1>A gate</h1>",
        "<td>A gate</td>",
        '<p class="kicker">A gate</p>',
        '<p class="voice">A gate</p>',
        '<section class="cover"><p>A gate</p></section>',
        "<svg><text>A gate</text></svg>",
        '<p><a title="A gate">Here</a></p>',
    ):
        assert gloss(html) == html
    assert gloss("<td><p>A gate</p></td>") != "<td><p>A gate</p></td>"


def test_what_stands_in_a_drawing_or_a_heading_leaves_the_term_for_the_text() -> None:
    shown = gloss("<svg><text>A gate</text></svg><h2>A gate</h2><p>A <b>gate</b><br>holds</p>")
    assert shown.endswith('<p>A <b>gate (<span lang="zh-Hans">门槛</span>)</b><br>holds</p>')


def test_words_a_client_wrote_in_chinese_are_tagged_wherever_they_stand() -> None:
    assert gloss("<td>We say 加粉率 30%</td>") == (
        '<td>We say <span lang="zh-Hans">加粉率</span> 30%</td>'
    )
    assert gloss("<title>锦年水果</title>") == "<title>锦年水果</title>"


def test_a_model_in_its_own_language_has_no_terms_to_share(private_domain: MaturityModel) -> None:
    assert shared_terms(private_domain) == {}


def test_terms_that_read_alike_in_both_languages_are_left_alone() -> None:
    terms = shared_terms(load_translated(QUESTIONNAIRES / "private-domain", "en"))
    assert terms["Private domain"] == "私域"
    assert "SCRM" not in terms
