"""The quote book as Parquet files by year, and the prices of cells out of them by DuckDB."""
