"""Where results of calls are kept: in SQL, Redis or S3, by URL."""
