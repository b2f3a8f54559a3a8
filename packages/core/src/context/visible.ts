/** It is the protocol's, because what goes into a log or onto paper by other ways is made visible by the same rule. */
export { shown, visible } from "@skein/protocol"
