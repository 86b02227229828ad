/** VitePress's own theme, with the fonts of the system in place of a download. */

import theme from "vitepress/theme-without-fonts";
import "./theme.css";

export default theme;
