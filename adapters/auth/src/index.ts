export { type FoundKey, type KeyOwner, type Keys, type KeysOptions, keys } from "./keys.ts"
