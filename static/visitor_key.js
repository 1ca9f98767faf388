// Keeps a visitor's key in a cookie of this browser, where the server finds it at the next visit.

const KEY = /^[0-9a-f]{32}$/;
const YEAR = 365 * 24 * 3600;
const UPLOADS = "_streamlit_xsrf"; // without it Streamlit takes no file

const jar = () => {
  try {
    return document.cookie;
  } catch {
    return ""; // a sandboxed frame has none
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
    // as above
  }
};

// In another site's frame only a cookie of that frame (CHIPS) is sent, and only where there is TLS.
const FRAMED = "SameSite=None; Secure; Partitioned";

const random = (bytes) =>
  Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export default ({ data, setStateValue }) => {
  const [own, framed] = data.names;
  // what the server would not take for a key is written over
  const kept = () => data.names.map(read).find((value) => KEY.test(value));
  const known = kept();
  if (known && known !== data.key) {
    // another tab was first
    setStateValue("key", known);
  } else if (!known) {
    keep(own, data.key, `SameSite=Strict${location.protocol === "https:" ? "; Secure" : ""}`);
    if (window.self !== window.top && !kept()) keep(framed, data.key, FRAMED);
    if (!kept()) setStateValue("lost", true);
  }
  if (read(framed) && !read(UPLOADS)) {
    // the server only compares the header with this cookie (double submit), so we may set its value
    keep(UPLOADS, `2|${random(4)}|${random(16)}|${Math.floor(Date.now() / 1000)}`, FRAMED);
  }
};
