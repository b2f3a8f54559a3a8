export { type FileHooks, type HooksOptions, hooks } from "./hooks.ts"
