//! Which of the listed ports is the one that was lost.

/// What a list of ports says of one that was lost.
#[derive(Debug, PartialEq, Eq)]
pub struct Relisted<P> {
    /// A port that was not there when it was opened: its device is back.
    pub fresh: Option<P>,
    /// Whether the lost port itself is listed.
    pub is_listed: bool,
}

/// Looks through the ports that are `listed` now for devices like the one of the port `old`. Those of `others` were listed
/// beside it when it was opened: they belong to other boards of the same kind.
pub fn look<P>(
    listed: impl IntoIterator<Item = P>,
    old: &P,
    others: &[P],
    is_same: impl Fn(&P, &P) -> bool,
) -> Relisted<P> {
    let mut found = Relisted { fresh: None, is_listed: false };
    for port in listed {
        if is_same(&port, old) {
            found.is_listed = true;
        } else if found.fresh.is_none() && !others.iter().any(|other| is_same(other, &port)) {
            found.fresh = Some(port);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looked(listed: &[u8]) -> (Option<u8>, bool) {
        let Relisted { fresh, is_listed } = look(listed.iter().copied(), &1, &[2, 3], PartialEq::eq);
        (fresh, is_listed)
    }

    #[test]
    fn a_board_of_the_same_kind_is_not_taken_for_the_one_that_was_unplugged() {
        assert_eq!(looked(&[2, 3]), (None, false));
        assert_eq!(looked(&[2, 4, 3]), (Some(4), false));
        assert_eq!(looked(&[3, 1]), (None, true));
        assert_eq!(looked(&[1, 5, 6]), (Some(5), true));
    }
}
