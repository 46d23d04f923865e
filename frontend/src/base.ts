/** What every page loads: the styles, the menu's manners, and the search for elements whose script is still needed. */
import "@kern-ux/native/dist/kern.min.css";
import "./styles/ground.css";
import "./styles/header.css";
import "./styles/page.css";
import "./styles/components.css";
import "./styles/tables.css";
import "./styles/forms.css";
import "./styles/workshop.css";
import "./styles/map.css";
import "./styles/draw.css";
import "./styles/report.css";
import "./styles/services.css";
import "./styles/chart.css";
import "./styles/desk.css";
import "./styles/issues.css";
import "./styles/letters.css";

import { openOnWide } from "./fold";
import { closeMenusOutside } from "./menu";
import { focusFirstError } from "./forms";
import { loadNeeded } from "./needed";

closeMenusOutside(document);
focusFirstError(document);
openOnWide(document);
loadNeeded(document);
