export {
  type AnyTool,
  defineTool,
  type Planned,
  type SeenFiles,
  type ToolDefinition,
  type ToolWorld,
} from "./define.ts"
export { localFiles } from "./files/local.ts"
export { type ToolsOptions, tools } from "./registry.ts"
export { findRipgrep } from "./search/ripgrep-path.ts"
