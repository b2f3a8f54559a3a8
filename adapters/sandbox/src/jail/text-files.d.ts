// A file that travels inside the program as text.
declare module "*.c" {
  const text: string
  export default text
}
