export { type KeyOwner, keys } from "./keys.ts"
