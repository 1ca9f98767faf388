// Stores a visitor's key in a cookie, so that the server recognizes the browser at the next visit.

const KEY = /^[0-9a-f]{32}$/;
const YEAR = 365 * 24 * 3600;
const UPLOADS = "_streamlit_xsrf"; // without it, Streamlit rejects uploads

const jar = () => {
  try {
    return document.cookie;
  } catch {
    return ""; // a sandboxed frame has no cookies
  }
};

const read = (name) =>
  jar()
    .split("; ")
    .find((cookie) => cookie.startsWith(`${name}=`))
    ?.slice(name.length + 1);

const keep = (name, value, site) => {
  try {
    document.cookie = `${name}=${value}; Max-Age=${YEAR}; Path=/; ${site}`;
  } catch {
    // likewise
  }
};

// In another site's frame, browsers send only partitioned cookies (CHIPS), and only over TLS.
const FRAMED = "SameSite=None; Secure; Partitioned";

const random = (bytes) =>
  Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export default ({ data, setStateValue }) => {
  const [own, framed] = data.names;
  // an invalid key is overwritten
  const kept = () => data.names.map(read).find((value) => KEY.test(value));
  const known = kept();
  if (known && known !== data.key) {
    // another tab stored a key first
    setStateValue("key", known);
  } else if (!known) {
    keep(own, data.key, `SameSite=Strict${location.protocol === "https:" ? "; Secure" : ""}`);
    if (window.self !== window.top && !kept()) keep(framed, data.key, FRAMED);
    if (!kept()) setStateValue("lost", true);
  }
  if (read(framed) && !read(UPLOADS)) {
    // the server only compares a header with this cookie (double submit), so any value works
    keep(UPLOADS, `2|${random(4)}|${random(16)}|${Math.floor(Date.now() / 1000)}`, FRAMED);
  }
};
