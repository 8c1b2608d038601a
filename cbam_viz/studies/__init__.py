"""8 QUESTIONS: one file a question; files in, one frozen result out. What both doors share stands here."""
