"""The tornado: each bar runs from the result as it is to the result at a driver's two ends."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from app.reporting.charts import COLUMN, TornadoMark, TornadoRow, tornado
from tests.reports.drawing import HOSTILE, TITLE, assert_legible, chinese, english, texts, words_of

LONG = "广东省某某母婴用品连锁经营管理有限公司华南大区随成交走的费用占成交额的比例"
label = st.one_of(chinese, english, st.sampled_from([HOSTILE, LONG, "毛利率"]))
short = st.sampled_from(["20.8%", "6.4元", "1个月工资", "36万元", "300元/席/月"])
result = st.integers(-300, 300).map(lambda n: Fraction(n, 100))
rows = st.lists(
    st.builds(
        TornadoRow,
        label,
        short,
        short,
        result,
        result,
        st.sampled_from(["−48%到−22%", "5.3倍到16倍"]),
        st.sampled_from(["", "假设，等级OPJ"]),
    ),
    min_size=1,
    max_size=14,
)


def drawn(
    *bars: TornadoRow, base: Fraction = Fraction(0), marks: tuple[TornadoMark, ...] = ()
) -> str:
    return str(
        tornado(
            bars,
            TornadoMark(base, "现在的数"),
            marks=marks,
            title=TITLE,
            low="取低值时",
            high="取高值时",
            result="ROI",
        )
    )


@settings(max_examples=40)
@given(rows=rows, base=result, mark=result, width=st.sampled_from([COLUMN, 460.0]))
def test_no_label_is_clipped_or_covered(
    rows: list[TornadoRow], base: Fraction, mark: Fraction, width: float
) -> None:
    assert_legible(
        tornado(
            rows,
            TornadoMark(base, "现在的数"),
            marks=(TornadoMark(mark, "打平"),),
            title=TITLE,
            low="取低值时",
            high="取高值时",
            result="ROI",
            width=width,
        )
    )


def test_the_low_value_stands_where_it_leads() -> None:
    better = TornadoRow("毛利率", "20%", "30%", Fraction(-1), Fraction(1), "−1到1")
    worse = TornadoRow("流失率", "1%", "6%", Fraction(1), Fraction(-1), "−1到1")
    places = {written.text: written.left for written in texts(drawn(better, worse))}
    assert places["20%"] < places["30%"]
    assert places["6%"] < places["1%"]


def test_a_line_out_of_reach_is_left_out() -> None:
    row = TornadoRow("毛利率", "20%", "30%", Fraction(2), Fraction(4), "2到4")
    near, far = (
        drawn(row, base=Fraction(3), marks=(TornadoMark(value, "放量线"),))
        for value in (Fraction(5, 2), Fraction(9))
    )
    assert "放量线" in words_of(near)
    assert "放量线" not in words_of(far)


def test_both_results_stand_in_words_beside_the_bar() -> None:
    row = TornadoRow("毛利率", "20%", "30%", Fraction(2), Fraction(4), "2倍到4倍", "事实F14")
    shown = words_of(drawn(row, base=Fraction(3)))
    assert "2倍到4倍" in shown
    assert "事实F14" in shown


def test_bars_to_one_side_keep_their_values_apart() -> None:
    row = TornadoRow("见效月数", "2个月", "6个月", Fraction(1), Fraction(3), "1到3")
    svg = drawn(row)
    assert_legible(Markup(svg))
    places = {written.text: written.left for written in texts(svg)}
    assert places["2个月"] < places["6个月"]
