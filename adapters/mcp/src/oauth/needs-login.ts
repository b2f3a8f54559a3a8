/** A person has to log in. The message says why: the words after the server's name. */
export class NeedsLogin extends Error {
  override readonly name = "NeedsLogin"
}
