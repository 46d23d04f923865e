"""The strategy leaves and comes back: JSON, CSV set, workbook and StratML, and files of other cities as change requests."""
