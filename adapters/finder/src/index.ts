export { type Finder, type FinderOptions, finder } from "./finder.ts"
