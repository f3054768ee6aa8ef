//! KiCad's text format: nested lists of words and quoted strings.

/// A list, or a word. Quoted strings are words without their quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// `(name …)`
    List(Vec<Expression>),
    /// A word, a number or the content of a quoted string.
    Word(String),
}

impl Expression {
    /// Reads one expression. `None` if parentheses or quotes do not match.
    pub fn parse(text: &str) -> Option<Self> {
        let mut open: Vec<Vec<Self>> = Vec::new();
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            let finished = match character {
                '(' => {
                    open.push(Vec::new());
                    continue;
                }
                ')' => Self::List(open.pop()?),
                '"' => Self::Word(quoted(&mut characters)?),
                _ if character.is_whitespace() => continue,
                _ => {
                    let mut word = character.to_string();
                    while let Some(&next) = characters.peek() {
                        if next.is_whitespace() || next == '(' || next == ')' {
                            break;
                        }
                        word.push(next);
                        characters.next();
                    }
                    Self::Word(word)
                }
            };
            match open.last_mut() {
                Some(parent) => parent.push(finished),
                None => return Some(finished),
            }
        }
        None
    }

    /// The lists directly in this one that begin with `name`.
    pub fn children<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.items().iter().filter(move |item| item.word(0) == Some(name) && matches!(item, Self::List(_)))
    }

    /// The first list in this one that begins with `name`.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.items().iter().find(|item| item.word(0) == Some(name) && matches!(item, Self::List(_)))
    }

    /// The word at `index` of this list; of a word, itself at 0.
    pub fn word(&self, index: usize) -> Option<&str> {
        match self {
            Self::Word(word) => (index == 0).then_some(word),
            Self::List(items) => match items.get(index)? {
                Self::Word(word) => Some(word),
                Self::List(_) => None,
            },
        }
    }

    /// The word behind the name of the first list that begins with `name`: of `(ref "U1")`, `U1`.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.child(name)?.word(1)
    }

    fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            Self::Word(_) => &[],
        }
    }
}

/// The content of a quoted string whose first quote is read.
fn quoted(characters: &mut impl Iterator<Item = char>) -> Option<String> {
    let mut content = String::new();
    loop {
        match characters.next()? {
            '"' => return Some(content),
            '\\' => match characters.next()? {
                'n' => content.push('\n'),
                other => content.push(other),
            },
            other => content.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_words_strings_and_lists() {
        let parsed = Expression::parse(r#"(comp (ref "U1") (value "a \"b\" (c)") 12.5)"#).unwrap();
        assert_eq!(parsed.value("ref"), Some("U1"));
        assert_eq!(parsed.value("value"), Some(r#"a "b" (c)"#));
        assert_eq!(parsed.word(3), Some("12.5"));
    }

    #[test]
    fn what_does_not_match_is_nothing() {
        assert_eq!(Expression::parse("(a (b)"), None);
        assert_eq!(Expression::parse("(a \"b)"), None);
        assert_eq!(Expression::parse(")"), None);
    }
}
