import Link from "next/link";
import { TailorbirdProvider } from "tailorbird/react";
import { OPTIONS } from "../../config.mjs";
import { Visitor } from "../../react_parts.jsx";

export const metadata = { title: "Outdoor shop" };

/** @param {{ children: import("react").ReactNode }} props */
export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>
        <TailorbirdProvider options={OPTIONS}>
          <Visitor />
          <nav>
            <Link id="home" href="/" prefetch={false}>
              Home
            </Link>
            <Link id="other" href="/other" prefetch={false}>
              Other
            </Link>
          </nav>
          {children}
        </TailorbirdProvider>
      </body>
    </html>
  );
}
