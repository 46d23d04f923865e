"""Who vouches for people from outside: providers of OpenID Connect and SAML, as the city configured them."""
