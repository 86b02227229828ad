/** The only entropy: bytes of the platform's own generator. */

const bytes = (): Uint8Array => crypto.getRandomValues(new Uint8Array(8));

/** 64 random bits as two numbers, the low half first. */
export const bits = (): { low: number; high: number } => {
  const view = new DataView(bytes().buffer);
  return { low: view.getUint32(0, true), high: view.getUint32(4, true) };
};

/** A random name of 16 hexadecimal digits. */
export const digits = (): string => Array.from(bytes(), byte => (byte + 256).toString(16).slice(1)).join("");
