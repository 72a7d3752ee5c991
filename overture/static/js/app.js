// Everything the frame needs in the browser; each page works without it.
import "./theme.js";
import "./menu.js";
import "./drawer.js";
import "./dialog.js";
import "./toast.js";
import "./copy.js";
import "./errors.js";
import "./filedrop.js";
import "./upload.js";
import "./rows.js";
import "./tabs.js";
import "./keys.js";
import "./jump.js";
import "./zone.js";
import "./why.js";
