use super::*;
use meterscope_decoder::encode::secured::{AUTHENTICATION_KEY, ENCRYPTION_KEY, SYSTEM_TITLE, Secured};
use meterscope_decoder::encode::{Clock, Writer};

fn ek() -> String {
    hex(&ENCRYPTION_KEY).replace(' ', "")
}

fn ak() -> String {
    hex(&AUTHENTICATION_KEY).replace(' ', "")
}

fn key(encryption: &str, authentication: &str, owner: Owner) -> NamedKey {
    NamedKey::new("home", encryption, authentication, owner).unwrap()
}

/// Ten ciphered frames of an invented meter, each with a tag.
fn session() -> Session {
    let mut octets = vec![0; 20_000];
    let mut writer = Writer::new(&mut octets);
    for number in 0..10 {
        let clock = Clock::new(2025, 1, 14, 16, 57, number).unwrap();
        Secured::Denmark.write(&mut writer, clock, number.into()).unwrap();
    }
    let written = writer.finish().len();
    octets.truncate(written);
    Session::new(&octets)
}

#[test]
fn as_people_write_them() {
    let colons = hex(&ENCRYPTION_KEY).to_lowercase().replace(' ', ":");
    for (encryption, authentication) in [
        (ek(), ak()),
        (format!("0x{}", ek()), format!(" 0x{} ", ak())),
        (colons.clone(), ak()),
        (format!("{}:{}", ek(), ak()), String::new()),
        (format!("{}:{}", colons.clone(), ak()), String::new()),
    ] {
        let key = key(&encryption, &authentication, Owner::Anyone);
        assert_eq!(key.encryption.to_uppercase(), ek(), "{encryption}");
        assert_eq!(key.authentication.as_ref().map(|key| key.to_uppercase()), Some(ak()), "{authentication}");
    }
    assert!(!key(&ek(), "", Owner::Anyone).has_authentication());
}

#[test]
fn what_is_wrong_is_named_by_its_part() {
    let new = |encryption: &str, authentication: &str| {
        NamedKey::new("", encryption, authentication, Owner::Anyone).map(|_| ()).unwrap_err()
    };
    assert_eq!(new("0011", ""), (Part::Encryption, KeyError::Length(4)));
    assert_eq!(new("", ""), (Part::Encryption, KeyError::Length(0)));
    assert_eq!(new(&ek(), "0g"), (Part::Authentication, KeyError::NotHexadecimal(1)));
}

#[test]
fn no_digit_is_printed() {
    let mut keys = Keys::default();
    keys.add(Rc::new(key(&ek(), &ak(), Owner::Anyone)));
    let printed = format!("{keys:?}");
    assert!(printed.contains("home") && !printed.contains(&ek()[..8]), "{printed}");
}

#[test]
fn what_is_remembered_comes_back() {
    let mut keys = Keys::default();
    keys.add(Rc::new(key(&ek(), &ak(), Owner::Address(SYSTEM_TITLE))));
    keys.add(Rc::new(key(&ak(), "", Owner::Identification(0x1234_5678))));
    keys.rename(2, "a\tb");
    let back = Keys::from_text(&keys.to_text());
    let parts = |keys: &Keys| -> Vec<_> {
        let parts = keys.iter().map(|key| (key.name.clone(), key.owner(), key.encryption.to_string()));
        parts.collect()
    };
    assert_eq!(parts(&back)[0], parts(&keys)[0]);
    assert_eq!(parts(&back)[1].0, "a b");
    assert_eq!(back.iter().map(NamedKey::has_authentication).collect::<Vec<_>>(), [true, false]);
    assert_eq!(Keys::from_text("no key\n").len(), 0);
}

#[test]
fn the_right_key_fits_and_the_swapped_one_is_known() {
    let session = session();
    let fit = |key: &NamedKey| KeyFit::of(key, &session);
    let all = Fit { tried: 10, opened: 10, verified: 10, tag_only: 0 };
    assert_eq!(fit(&key(&ek(), &ak(), Owner::Anyone)), KeyFit { fit: all, swapped: false });
    let unchecked = Fit { verified: 0, ..all };
    assert_eq!(fit(&key(&ek(), "", Owner::Anyone)), KeyFit { fit: unchecked, swapped: false });
    let swapped = fit(&key(&ak(), &ek(), Owner::Anyone));
    assert!(swapped.swapped && swapped.fit.opened == 0);
    let other = fit(&key(&ek(), &"0".repeat(32), Owner::Anyone));
    assert_eq!((other.fit.tag_only, other.swapped), (10, false));
    let foreign = fit(&key(&ek(), &ak(), Owner::Address([1; 8])));
    assert_eq!(foreign.fit, Fit::default());
}
