"""How the platform looks: page shell, components, map and chart elements, login, search and error pages."""
