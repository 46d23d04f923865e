"""Batch requests (18-088, clause 11; OData 4.01, 11.7): many requests in one, some of them all or nothing."""
