"""Zhenmai (诊脉): importing this package loads nothing else."""
