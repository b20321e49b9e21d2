"""The budget-performance year as an engine: cases, stages, deadlines and rules. It has never heard of HTTP."""
