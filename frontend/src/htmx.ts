/** HTMX; its settings for the strict content security policy stand in the page's meta element `htmx-config`. */
import "htmx.org";
