//! APDUs of a client that reads a meter and of the meter's answers (IEC 62056-5-3:2017 7.3.3 to 7.3.7). Nobody pushes them,
//! so they are not read here; but a key that turns a ciphertext into one is the right key.

use super::data;

const NORMAL: u8 = 1;

/// Whether octets are a whole request or response of the common forms.
pub(super) fn is_whole(octets: &[u8]) -> bool {
    match octets {
        // get-request: class, name, attribute, no selection.
        [0xC0, NORMAL, _, rest @ ..] => rest.len() == 10 && rest.last() == Some(&0),
        // get-response: data, or why there is none.
        [0xC4, NORMAL, _, 0, data @ ..] => data::length(data) == Some(data.len() as u32),
        [0xC4, NORMAL, _, 1, _] => true,
        // set-response, action-response: a result, and for an action perhaps what it returns.
        [0xC5, NORMAL, _, _] | [0xC7, NORMAL, _, _, 0] => true,
        [0xC7, NORMAL, _, _, 1, 0, data @ ..] => data::length(data) == Some(data.len() as u32),
        _ => false,
    }
}
