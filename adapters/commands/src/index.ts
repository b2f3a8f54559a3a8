export { type CommandsOptions, commands, type Judged } from "./commands.ts"
export type { Style } from "./styles/style.ts"
export { type Styles, type StylesOptions, styles } from "./styles/styles.ts"
