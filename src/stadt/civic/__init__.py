"""What people do with the city: forms, cases, messages and files; everything particular is data of the city."""
