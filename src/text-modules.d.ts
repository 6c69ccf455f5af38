// The shell stages are bundled as text, and so is the man page.
declare module '*.sh' {
  const text: string;
  export default text;
}
declare module '*.1' {
  const text: string;
  export default text;
}
