//! The forms in which people have octets, one a file.

pub(crate) mod amsreader;
pub(crate) mod base64;
pub(crate) mod capture_file;
pub(crate) mod decimal;
pub(crate) mod embedded;
pub(crate) mod escaped;
pub(crate) mod hex;
pub(crate) mod hexdump;
pub(crate) mod inflate;
pub(crate) mod libmbus;
pub(crate) mod list;
pub(crate) mod p1;
pub(crate) mod pulse;
pub(crate) mod wmbusmeters;
