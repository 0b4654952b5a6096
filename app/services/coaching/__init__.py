"""Coaching: the plan of the newest issued report, week by week, gate by gate, round by round."""
