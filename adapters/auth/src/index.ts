export {
  type FoundKey,
  type KeyFileContent,
  type KeyOwner,
  type KeySource,
  type Keys,
  type KeysOptions,
  keys,
} from "./keys.ts"
