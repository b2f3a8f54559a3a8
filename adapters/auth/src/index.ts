export { type SecretFiles, secretFiles } from "./files/find.ts"
export { type FoundKey, type KeyOwner, type Keys, type KeysOptions, keys, sendable } from "./keys.ts"
export { type NamedSecret, secretsIn } from "./redact/read.ts"
export { type Redactor, redactor } from "./redact/redactor.ts"
export {
  SECRET_SOURCES,
  type SecretSource,
  type SecretStore,
  STORE_NAMES,
  type StoreName,
  type StoreState,
} from "./store.ts"
