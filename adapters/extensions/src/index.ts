export { type Extensions, type ExtensionsOptions, extensions } from "./extensions.ts"
