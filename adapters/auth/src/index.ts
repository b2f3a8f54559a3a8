export type { KeyOwner } from "./keys.ts"
export { sendable } from "./keys.ts"
export { type Secrets, type SecretsOptions, secrets } from "./secrets.ts"
export { SECRET_SOURCES, type SecretSource, type SecretStore, type StoreState } from "./store.ts"
