"""The lake: Parquet files on disk and DuckDB over them. The only place that knows DuckDB."""
