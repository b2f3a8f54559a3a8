export { type Content, contentOf } from "./content.ts"
export { LockRefused, whileLocked } from "./lock.ts"
export { changeObject, readObject } from "./object.ts"
export { replaceFile } from "./replace.ts"
