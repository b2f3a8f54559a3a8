export type { Block } from "./transcript/block.ts"
