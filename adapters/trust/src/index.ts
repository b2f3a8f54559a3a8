export type { Item, ItemKind } from "./item.ts"
export type { Decided, Decision } from "./register.ts"
export { type FolderTrust, type Trust, type TrustOptions, trust } from "./trust.ts"
