export type { ScriptFolder, ToolboxOptions, TrustedFile } from "./options.ts"
export { toolbox } from "./provider.ts"
