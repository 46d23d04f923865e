/** What every page loads: the styles, the menu's manners, and the search for elements whose script is still needed. */
import "@kern-ux/native/dist/kern.min.css";
import "./styles/ground.css";
import "./styles/shell.css";
import "./styles/components.css";
import "./styles/elements.css";

import { closeMenusOutside } from "./menu";
import { focusFirstError } from "./forms";
import { loadNeeded } from "./needed";

closeMenusOutside(document);
focusFirstError(document);
loadNeeded(document);
