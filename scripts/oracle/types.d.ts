// The types of the generators.

/** Whatever JSON can hold: the generators try every kind of it in every place. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;

/** The name of a case: what it is about, and how it is made again. */
export type Named = (about: string) => string;
