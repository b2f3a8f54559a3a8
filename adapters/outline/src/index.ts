export { type Outline, type OutlineOptions, outline } from "./outline.ts"
